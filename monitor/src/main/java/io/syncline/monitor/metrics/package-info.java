/**
 * What is measured: the catalogue of all metrics ({@link
 * io.syncline.monitor.metrics.MetricCatalogue}), and the meters that count ({@link
 * io.syncline.monitor.metrics.Meters}).
 */
package io.syncline.monitor.metrics;
