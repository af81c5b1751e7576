/** Merges done before by people, done again: a table of what came out. */
package io.syncline.ops.merges;
