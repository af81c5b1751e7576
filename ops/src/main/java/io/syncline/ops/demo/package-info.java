/** {@code syncline demo}: three voters on this machine, with sample data. */
package io.syncline.ops.demo;
