/** What Java programs get that drive Syncline by jetcd, the client they have for etcd. */
@org.jspecify.annotations.NullMarked
package io.syncline.verify.etcd.jetcd;
