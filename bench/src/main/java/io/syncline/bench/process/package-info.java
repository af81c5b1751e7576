/** Other programs of this machine: started, ended, and their processor time. */
package io.syncline.bench.process;
