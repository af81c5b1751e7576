/** The commands: each reads its options, calls the client once or a few times, and shows the answer. */
package io.syncline.ops.command;
