/** Import of histories and folders, and export of them. */
package io.syncline.ops.imports;
