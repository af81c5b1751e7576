/**
 * Three-way merge of contents. It starts at {@link io.syncline.conflict.merge.ThreeWayMerge}; the
 * rules, and what stays a conflict, are told in docs/MERGING.md. Everything here is pure: the same
 * input gives the same result, whatever the machine.
 */
package io.syncline.conflict.merge;
