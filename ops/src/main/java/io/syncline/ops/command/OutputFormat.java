package io.syncline.ops.command;

/** How results and failures are shown. */
enum OutputFormat {
  TABLE,
  JSON
}
