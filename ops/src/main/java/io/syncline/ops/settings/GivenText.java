package io.syncline.ops.settings;

/**
 * A setting's text as somebody gave it.
 *
 * @param where for messages: a file and line, a variable or a flag
 */
record GivenText(String text, String where) {}
