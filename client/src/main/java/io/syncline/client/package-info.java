/**
 * The Java client: writes, reads and watches over a cluster of voters.
 *
 * <p>{@link io.syncline.client.SynclineClient} is where to begin. Retries live in one layer,
 * {@code Call} for requests and {@code Watch} for streams; nothing above or below it tries again.
 */
package io.syncline.client;
