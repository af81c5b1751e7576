/** Files for Prometheus and Grafana, and a stand-in for the latter. */
package io.syncline.ops.monitoring;
