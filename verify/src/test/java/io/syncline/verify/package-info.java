/** Tests of the whole system: its layers, and its promises under faults. */
@org.jspecify.annotations.NullMarked
package io.syncline.verify;
