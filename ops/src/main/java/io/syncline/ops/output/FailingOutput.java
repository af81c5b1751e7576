package io.syncline.ops.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Passes bytes on and throws unchecked what goes wrong: a {@link java.io.PrintStream} above it would
 * swallow an {@link IOException}, and a full disk would look like success.
 */
public final class FailingOutput extends FilterOutputStream {

  public FailingOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Broken pipe")
        ? new BrokenPipe(e)
        : new UncheckedIOException(
            "standard output: " + message + " (expected: all of it written); give it room", e);
  }
}
