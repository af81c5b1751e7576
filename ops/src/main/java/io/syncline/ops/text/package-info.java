/** Text in and out: durations, sizes, times, keys, arguments and file names, all UTF-8. */
package io.syncline.ops.text;
