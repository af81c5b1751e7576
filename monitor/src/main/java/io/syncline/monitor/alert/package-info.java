/**
 * What is wrong, as rules over the catalogue's metrics: written for Prometheus, and evaluated by each
 * node for those who have none.
 */
package io.syncline.monitor.alert;
