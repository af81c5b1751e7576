/**
 * The same random operations sent to two stores that speak etcd's v3 API, and their answers compared
 * field by field: over gRPC, and over the HTTP/JSON gateway.
 *
 * <p>A {@link io.syncline.verify.etcd.Duel} lets a {@link io.syncline.verify.etcd.Generator} make up
 * one {@link io.syncline.verify.etcd.Operation} after the other, runs each in the {@link
 * io.syncline.verify.etcd.Session} of either store at the same time, and gives both {@link
 * io.syncline.verify.etcd.Answer}s to {@link io.syncline.verify.etcd.Comparison}. What may differ, and
 * what is never sent, stands in {@link io.syncline.verify.etcd.Justified}.
 */
@org.jspecify.annotations.NullMarked
package io.syncline.verify.etcd;
