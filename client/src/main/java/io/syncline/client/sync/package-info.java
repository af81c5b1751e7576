/**
 * The receiving side of synchronisation: keeps a copy in step with what it follows.
 *
 * <p>{@link io.syncline.client.sync.Following} is a state machine without threads, sockets or clock of
 * its own: {@link io.syncline.client.sync.Loop} gives it time, {@link
 * io.syncline.client.sync.Upstream} the way to what it follows, {@link
 * io.syncline.client.sync.Replica} the copy. So the same code runs on a follower's disk, in the memory
 * of an application, and in a simulation of thousands of faults.
 */
package io.syncline.client.sync;
