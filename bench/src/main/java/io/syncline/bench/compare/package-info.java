/** Syncline and etcd in turns, on one machine. */
package io.syncline.bench.compare;
