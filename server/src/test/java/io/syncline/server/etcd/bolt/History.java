package io.syncline.server.etcd.bolt;

import com.google.protobuf.ByteString;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.kv.KeyValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A keyspace's changes at random, and what etcd would have to say of them. */
final class History {
  private static final Comparator<ByteString> BYTEWISE =
      ByteString.unsignedLexicographicalComparator();

  private final Random random;
  private final List<ByteString> keys;
  private final List<Long> leases;
  private final List<Change> changes = new ArrayList<>();
  private final List<NavigableMap<ByteString, KeyValue>> states = new ArrayList<>();

  /** Of a deletion, there is nothing but the key and the revision. */
  private record Change(int subIndex, boolean isDeletion, KeyValue keyValue) {
    long revision() {
      return keyValue.getModRevision();
    }
  }

  /**
   * @param keys to write to
   * @param leases to attach them to, beside none
   */
  History(Random random, List<ByteString> keys, List<Long> leases) {
    this.random = random;
    this.keys = keys;
    this.leases = leases;
    states.add(new TreeMap<>(BYTEWISE));
  }

  Revision head() {
    return Revision.of(states.size() - 1);
  }

  /** What is live at a revision. */
  NavigableMap<ByteString, KeyValue> at(Revision revision) {
    return states.get((int) revision.value());
  }

  /** One more revision, of up to three keys. */
  void advance() {
    long revision = states.size();
    var state = new TreeMap<>(at(head()));
    Set<ByteString> changed = new HashSet<>();
    for (int subIndex = 0; subIndex < 1 + random.nextInt(3); subIndex++) {
      ByteString key = keys.get(random.nextInt(keys.size()));
      if (changed.add(key)) {
        changes.add(change(state, key, revision, subIndex));
      }
    }
    states.add(state);
  }

  private Change change(
      NavigableMap<ByteString, KeyValue> state, ByteString key, long revision, int subIndex) {
    KeyValue before = state.get(key);
    if (before != null && random.nextInt(4) == 0) {
      state.remove(key);
      return new Change(
          subIndex,
          true,
          KeyValue.newBuilder().setKey(key).setModRevision(revision).build());
    }
    byte[] value = new byte[random.nextInt(8) == 0 ? random.nextInt(20_000) : random.nextInt(50)];
    random.nextBytes(value);
    KeyValue after = KeyValue.newBuilder()
        .setKey(key)
        .setValue(ByteString.copyFrom(value))
        .setCreateRevision(before == null ? revision : before.getCreateRevision())
        .setModRevision(revision)
        .setVersion(before == null ? 1 : before.getVersion() + 1)
        .setLease(random.nextBoolean() ? 0 : leases.get(random.nextInt(leases.size())))
        .build();
    state.put(key, after);
    return new Change(subIndex, false, after);
  }

  /** Leaves out what is no part of the history from a revision on. */
  void writeTo(DatabaseFile file, Revision compacted) throws IOException {
    for (Change change : changes) {
      KeyValue keyValue = change.keyValue();
      boolean isKept = change.revision() > compacted.value()
          || keyValue.equals(at(compacted).get(keyValue.getKey()));
      if (isKept && change.isDeletion()) {
        file.delete(Revision.of(change.revision()), change.subIndex(), keyValue.getKey());
      } else if (isKept) {
        file.put(change.subIndex(), keyValue);
      }
    }
  }
}
