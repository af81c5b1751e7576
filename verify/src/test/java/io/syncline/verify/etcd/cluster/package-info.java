/** Clusters of real processes that speak etcd's v3 API: Syncline's, and Debian's etcd beside it. */
@org.jspecify.annotations.NullMarked
package io.syncline.verify.etcd.cluster;
