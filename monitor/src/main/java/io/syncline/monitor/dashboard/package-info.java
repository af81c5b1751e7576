/**
 * What is shown, and where: dashboards over the catalogue's metrics, written for Grafana, and drawn by
 * {@code syncline monitoring report} where there is none.
 */
package io.syncline.monitor.dashboard;
