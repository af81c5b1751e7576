/**
 * The settings of {@code syncline server}: one catalogue, from which the YAML file, the environment
 * and the flags are read, and help and reference are written.
 */
package io.syncline.ops.settings;
