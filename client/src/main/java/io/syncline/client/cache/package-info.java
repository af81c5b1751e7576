/**
 * A copy of configuration in the memory of an application: {@link io.syncline.client.cache.ConfigCache}
 * is where to begin.
 */
package io.syncline.client.cache;
