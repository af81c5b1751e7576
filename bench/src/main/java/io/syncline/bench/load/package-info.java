/** The load engine; knows nothing of what it loads. */
package io.syncline.bench.load;
