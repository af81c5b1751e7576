/** What operators get that type etcdctl's commands at Syncline. */
@org.jspecify.annotations.NullMarked
package io.syncline.verify.etcd.etcdctl;
