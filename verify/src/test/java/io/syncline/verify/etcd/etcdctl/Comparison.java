package io.syncline.verify.etcd.etcdctl;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the same commands answered at etcd and at another cluster.
 *
 * @param stated differences that are there and may be
 * @param unstated differences that may not be
 * @param vanished commands that are stated to differ and do not
 */
record Comparison(List<String> stated, List<String> unstated, List<String> vanished) {
  static Comparison of(
      Map<String, String> etcd, Map<String, String> other, StatedDifferences differences) {
    var stated = new ArrayList<String>();
    var unstated = new ArrayList<String>();
    var vanished = new ArrayList<>(differences.reasons().keySet());
    Set<String> commands = new LinkedHashSet<>(etcd.keySet());
    commands.addAll(other.keySet());
    for (String command : commands) {
      String expected = etcd.getOrDefault(command, "(was not run)");
      String found = other.getOrDefault(command, "(was not run)");
      if (!expected.equals(found)) {
        String reason = differences.reasons().get(command);
        String both =
            "etcdctl " + command + "\n" + indented("etcd", expected) + indented("here", found);
        if (reason == null) {
          unstated.add(both);
        } else {
          stated.add(both + indented("because", reason));
          vanished.remove(command);
        }
      }
    }
    return new Comparison(stated, unstated, vanished);
  }

  private static String indented(String name, String text) {
    return "  " + name + ":\n" + text.indent(4);
  }
}
