package io.syncline.client;

/**
 * One try of one request at one voter. Calls back once, on a network thread, on that of {@link
 * #start}, or on the timer's.
 */
interface Attempt {
  void start();

  /** Gives the request up, done or not. Does nothing before {@link #start} has returned. */
  void cancel();
}
