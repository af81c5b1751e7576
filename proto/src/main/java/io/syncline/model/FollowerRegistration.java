package io.syncline.model;

import java.time.Instant;

/**
 * A follower as the cluster remembers it, also when no voter that heard of it is left.
 *
 * @param id unique among all followers of the cluster
 * @param address where it can be reached; empty if nowhere
 * @param cursor the revision it had applied when it was last seen; it may be further on since
 * @param seen by the clock of the leader
 */
public record FollowerRegistration(
    String id, String address, Subscription subscription, Revision cursor, Instant seen) {}
