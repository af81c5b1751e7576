package io.syncline.server.http;

import java.util.function.Function;

/**
 * One path, and what answers it.
 *
 * @param quick whether it answers at once, on the thread of the network; others are answered by a few
 *     workers, and refused while these are busy
 */
public record HttpRoute(
    String path, boolean quick, Function<HttpRequestHead, HttpAnswer> answering) {}
