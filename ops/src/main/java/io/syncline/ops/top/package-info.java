/** The live view of a cluster: what is shown, and how it is drawn. */
package io.syncline.ops.top;
