package io.syncline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DigestBucketsTest {
  private Random random = new Random(0);

  @BeforeEach
  void seed() {
    long seed = Long.getLong("syncline.test.seed", System.nanoTime());
    System.out.println("replay with -Dsyncline.test.seed=" + seed);
    random = new Random(seed);
  }

  @Test
  void nothingHasTheDigestOfZeroBuckets() {
    assertThat(new DigestBuckets().digest())
        .hasToString("9f1dcbc35c350d6027f98be0f5c8b43b42ca52b7604459c0c42be3aa88913d47");
  }

  /** The value was computed apart, from the description in the class comment. */
  @Test
  void aKnownStateHasAKnownDigest() {
    DigestBuckets buckets =
        of(List.of(version("routes/api", 3, "upstream: blue\n"), version("limits", 1, "")));

    assertThat(buckets.digest())
        .hasToString("56a411ddf3f49466f68b8b583045349ee5a15e15f207e1b846ac54e985aa5fc7");
  }

  @Test
  void theOrderOfChangesLeavesNoTrace() {
    List<ConfigVersion> versions = someVersions(500);
    DigestBuckets one = of(versions);
    var shuffled = new ArrayList<>(versions);
    Collections.shuffle(shuffled, random);

    assertThat(of(shuffled).digest()).isEqualTo(one.digest());
  }

  @Test
  void whatWasAddedAndRemovedLeavesNoTrace() {
    List<ConfigVersion> kept = someVersions(100);
    DigestBuckets buckets = of(kept);
    Checksum before = buckets.digest();
    List<ConfigVersion> passing =
        someVersions(300).stream().map(v -> version("other/" + v.key(), 9, "x")).toList();

    passing.forEach(v -> buckets.add(buckets.bucketOf(v.key()), v));
    assertThat(buckets.digest()).isNotEqualTo(before);
    passing.forEach(v -> buckets.remove(buckets.bucketOf(v.key()), v));

    assertThat(buckets.digest()).isEqualTo(before);
  }

  @Test
  void aDigestKeptUpToDateEqualsOneComputedAnew() {
    var buckets = new DigestBuckets();
    Map<Key, ConfigVersion> live = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      String key = "key/" + random.nextInt(200);
      ConfigVersion old = live.remove(Key.of(key));
      if (old != null) {
        buckets.remove(buckets.bucketOf(old.key()), old);
      }
      if (random.nextInt(3) > 0) {
        ConfigVersion made = version(key, i + 1, "content " + random.nextInt(50));
        live.put(made.key(), made);
        buckets.add(buckets.bucketOf(made.key()), made);
      }
    }

    assertThat(buckets.digest()).isEqualTo(of(live.values()).digest());
  }

  @Test
  void everyDifferenceShows() {
    DigestBuckets one = of(List.of(version("a", 1, "x")));

    assertThat(of(List.of(version("a", 2, "x"))).digest()).isNotEqualTo(one.digest());
    assertThat(of(List.of(version("a", 1, "y"))).digest()).isNotEqualTo(one.digest());
    assertThat(of(List.of(version("b", 1, "x"))).digest()).isNotEqualTo(one.digest());
    assertThat(of(List.of()).digest()).isNotEqualTo(one.digest());
  }

  @Test
  void whereDigestsDifferTheBucketsSayWhere() {
    List<ConfigVersion> versions = someVersions(300);
    DigestBuckets one = of(versions);
    ConfigVersion changed = versions.get(random.nextInt(versions.size()));
    DigestBuckets other = of(versions);
    int expected = other.bucketOf(changed.key());
    other.remove(expected, changed);

    var differing = new ArrayList<Integer>();
    for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
      if (!ByteString.copyFrom(one.get(bucket)).equals(ByteString.copyFrom(other.get(bucket)))) {
        differing.add(bucket);
      }
    }
    assertThat(differing).containsExactly(expected);
  }

  @Test
  void bucketsCanBeStoredAndSetAgain() {
    DigestBuckets one = of(someVersions(300));
    var other = new DigestBuckets();
    for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
      other.set(bucket, one.get(bucket));
    }

    assertThat(other.digest()).isEqualTo(one.digest());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.set(0, new byte[31]))
        .withMessageContaining("31");
  }

  @Test
  void whoChangesACopiedBucketChangesNothing() {
    DigestBuckets buckets = of(someVersions(10));
    Checksum before = buckets.digest();

    buckets.get(0)[0] ^= 1;

    assertThat(buckets.digest()).isEqualTo(before);
  }

  private List<ConfigVersion> someVersions(int count) {
    var versions = new ArrayList<ConfigVersion>();
    for (int i = 0; i < count; i++) {
      versions.add(version("key/" + i, 1 + random.nextInt(9), "content " + random.nextInt()));
    }
    return versions;
  }

  private static DigestBuckets of(Iterable<ConfigVersion> versions) {
    var buckets = new DigestBuckets();
    versions.forEach(version -> buckets.add(buckets.bucketOf(version.key()), version));
    return buckets;
  }

  private static ConfigVersion version(String key, long version, String text) {
    ByteString content = ByteString.copyFromUtf8(text);
    return new ConfigVersion(
        NamespaceName.DEFAULT,
        Key.of(key),
        new Version(version),
        new Revision(version),
        content,
        "",
        Checksum.of(content),
        content.size(),
        Instant.EPOCH,
        Actor.ANONYMOUS,
        "",
        null,
        false,
        new Version(1),
        new Revision(1),
        null);
  }
}
