/** How the command shows things: tables, JSON, colours, progress, failures. */
package io.syncline.ops.output;
