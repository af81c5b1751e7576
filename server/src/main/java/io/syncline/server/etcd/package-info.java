/**
 * The etcd v3 door: etcd's API over one namespace, the keyspace. A request is checked, turned into one
 * command or one read, and answered in etcd's words.
 */
package io.syncline.server.etcd;
