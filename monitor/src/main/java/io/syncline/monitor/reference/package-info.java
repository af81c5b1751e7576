/** The documentation of what is measured, shown and alerted, written from the catalogues. */
package io.syncline.monitor.reference;
