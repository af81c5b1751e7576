/** Results: for people as a table, to be kept as JSON. */
package io.syncline.bench.result;
