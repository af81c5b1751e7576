/** Puts load on a cluster and measures it: the {@code bench} commands. */
package io.syncline.bench;
