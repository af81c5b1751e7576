/** Many who are told of each write, and what telling them costs. */
package io.syncline.bench.fanout;
