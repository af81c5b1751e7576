/**
 * Conflicts: what one is ({@link io.syncline.conflict.Divergence}), and what becomes of it ({@link
 * io.syncline.conflict.Arbiter}). Pure: no IO, clock, randomness or state.
 */
package io.syncline.conflict;
