/**
 * A keyspace as a file of bbolt, the database that etcd keeps its state in: two meta pages, then the
 * pages of B+trees, written from their leaves upwards.
 */
package io.syncline.server.etcd.bolt;
