/** The stores under load, and what is done to them. */
package io.syncline.bench.store;
