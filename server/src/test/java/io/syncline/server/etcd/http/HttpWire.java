package io.syncline.server.etcd.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection on which a test says every byte itself. Reading gives up after a while. */
final class HttpWire implements AutoCloseable {
  private static final int GIVE_UP_MS = 20_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  HttpWire(int port) throws IOException {
    this(port, 64 << 10);
  }

  HttpWire(int port, int receiveBufferBytes) throws IOException {
    socket.setReceiveBufferSize(receiveBufferBytes);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(GIVE_UP_MS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A reply of which nothing is left to come. */
  record Reply(int status, Map<String, String> headers, String body) {}

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void post(String path, String body) throws IOException {
    post(path, "", body);
  }

  /**
   * @param headers each with its line end
   */
  void post(String path, String headers, String body) throws IOException {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    send("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "Content-Length: " + length
        + "\r\n\r\n" + body);
  }

  /** Begins a body that comes in chunks. */
  void postChunked(String path) throws IOException {
    send("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  }

  void sendChunk(String chunk) throws IOException {
    int length = chunk.getBytes(StandardCharsets.UTF_8).length;
    send(Integer.toHexString(length) + "\r\n" + chunk + "\r\n");
  }

  void endChunks() throws IOException {
    send("0\r\n\r\n");
  }

  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Status line and headers; the names in lower case. The status is under the empty name. */
  Map<String, String> readHead() throws IOException {
    Map<String, String> head = new TreeMap<>();
    head.put("", readLine().split(" ", 3)[1]);
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      String[] header = line.split(": ", 2);
      head.put(header[0].toLowerCase(Locale.ROOT), header[1]);
    }
    return head;
  }

  Reply readReply() throws IOException {
    return readReply(true);
  }

  Reply readReply(boolean withBody) throws IOException {
    Map<String, String> head = readHead();
    int status = Integer.parseInt(head.remove(""));
    if (!withBody) {
      return new Reply(status, head, "");
    }
    if ("chunked".equals(head.get("transfer-encoding"))) {
      var body = new StringBuilder();
      for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
        body.append(chunk);
      }
      return new Reply(status, head, body.toString());
    }
    int length = Integer.parseInt(head.get("content-length"));
    return new Reply(status, head, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  /** One chunk of a body; empty if it was the last. */
  String readChunk() throws IOException {
    int length = Integer.parseInt(readLine(), 16);
    var chunk = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    readLine();
    return chunk;
  }

  byte[] readBytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Whether the other side has ended the connection. */
  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  /** All up to the end of the connection. */
  String readRest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private String readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended after: " + line);
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
