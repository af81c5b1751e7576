package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.assertRefused;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static io.syncline.verify.etcd.jetcd.Calls.pair;
import static io.syncline.verify.etcd.jetcd.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.DeleteResponse;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.GetOption.SortOrder;
import io.etcd.jetcd.options.GetOption.SortTarget;
import io.etcd.jetcd.options.PutOption;
import io.grpc.Status;
import io.syncline.verify.etcd.cluster.Cluster;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Puts, gets, deletes and compactions by jetcd. */
@ExtendWith(SharedCluster.class)
class KeyValueTest {
  private static final int LARGE_BYTES = 1 << 20;

  private Client client;
  private KV kv;

  @BeforeEach
  void connect(Cluster cluster) {
    client = cluster.client();
    kv = client.getKVClient();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void aKeyTellsWhenItWasCreatedAndChangedAndHowOften() {
    PutResponse created = put("kv/life", "1");
    PutResponse changed = answer(
        kv.put(bytes("kv/life"), bytes("2"), PutOption.builder().withPrevKV().build()));

    assertThat(created.hasPrevKv()).isFalse();
    assertThat(changed.hasPrevKv()).isTrue();
    assertThat(pair(changed.getPrevKv())).isEqualTo("kv/life=1");
    assertThat(revision(changed)).isGreaterThan(revision(created));
    KeyValue found = only(get("kv/life", GetOption.DEFAULT));
    assertThat(pair(found)).isEqualTo("kv/life=2");
    assertThat(found.getCreateRevision()).isEqualTo(revision(created));
    assertThat(found.getModRevision()).isEqualTo(revision(changed));
    assertThat(found.getVersion()).isEqualTo(2);
    assertThat(found.getLease()).isZero();
  }

  @Test
  void aKeyThatWasDeletedBeginsAnew() {
    put("kv/again", "1");
    put("kv/again", "2");
    DeleteResponse deleted = answer(
        kv.delete(bytes("kv/again"), DeleteOption.builder().withPrevKV(true).build()));
    assertThat(deleted.getDeleted()).isOne();
    assertThat(deleted.getPrevKvs()).extracting(Calls::pair).containsExactly("kv/again=2");
    assertThat(get("kv/again", GetOption.DEFAULT).getKvs()).isEmpty();

    PutResponse created = put("kv/again", "3");
    KeyValue found = only(get("kv/again", GetOption.DEFAULT));
    assertThat(found.getVersion()).isOne();
    assertThat(found.getCreateRevision()).isEqualTo(revision(created));
  }

  @Test
  void deletingNothingChangesNothing() {
    long before = revision(put("kv/nothing", "1"));
    DeleteResponse deleted = answer(kv.delete(bytes("kv/nothing/below")));
    assertThat(deleted.getDeleted()).isZero();
    assertThat(deleted.getHeader().getRevision()).isEqualTo(before);
  }

  @Test
  void aRangeIsLimitedAfterItIsSortedAndCountedInFull() {
    put("kv/range/a", "3");
    put("kv/range/b", "1");
    put("kv/range/c", "2");
    put("kv/range/a", "3");

    assertThat(sorted(SortTarget.KEY, SortOrder.ASCEND)).isEqualTo(List.of("a", "b", "c"));
    assertThat(sorted(SortTarget.KEY, SortOrder.DESCEND)).isEqualTo(List.of("c", "b", "a"));
    assertThat(sorted(SortTarget.VALUE, SortOrder.ASCEND)).isEqualTo(List.of("b", "c", "a"));
    assertThat(sorted(SortTarget.MOD, SortOrder.ASCEND)).isEqualTo(List.of("b", "c", "a"));
    assertThat(sorted(SortTarget.CREATE, SortOrder.DESCEND)).isEqualTo(List.of("c", "b", "a"));
    assertThat(sorted(SortTarget.VERSION, SortOrder.DESCEND).get(0)).isEqualTo("a");
    assertThat(sorted(SortTarget.VALUE, SortOrder.NONE)).isEqualTo(List.of("b", "c", "a"));

    GetResponse limited = get(
        "kv/range/",
        prefix()
            .withLimit(2)
            .withSortField(SortTarget.VALUE)
            .withSortOrder(SortOrder.DESCEND)
            .build());
    assertThat(limited.getKvs())
        .extracting(Calls::pair)
        .containsExactly("kv/range/a=3", "kv/range/c=2");
    assertThat(limited.isMore()).isTrue();
    assertThat(limited.getCount()).isEqualTo(3);
  }

  private List<String> sorted(SortTarget target, SortOrder order) {
    GetOption option = prefix().withSortField(target).withSortOrder(order).build();
    return get("kv/range/", option).getKvs().stream()
        .map(found -> text(found.getKey()).substring("kv/range/".length()))
        .toList();
  }

  @Test
  void aRangeCanBeOfKeysAloneOrOfTheirCountAlone() {
    put("kv/only/a", "1");
    put("kv/only/b", "2");

    GetResponse keys = get("kv/only/", prefix().withKeysOnly(true).build());
    assertThat(keys.getKvs()).extracting(Calls::pair).containsExactly("kv/only/a=", "kv/only/b=");
    assertThat(keys.getKvs()).allSatisfy(key -> assertThat(key.getVersion()).isOne());
    GetResponse count = get("kv/only/", prefix().withCountOnly(true).build());
    assertThat(count.getKvs()).isEmpty();
    assertThat(count.getCount()).isEqualTo(2);
    assertThat(count.isMore()).isFalse();
  }

  @Test
  void aRangeEndsBeforeItsEndOrNever() {
    put("kv/~end/a", "1");
    put("kv/~end/b", "2");
    put("kv/~end/c", "3");

    assertThat(
            get("kv/~end/a", GetOption.builder().withRange(bytes("kv/~end/c")).build())
                .getKvs())
        .extracting(Calls::pair)
        .containsExactly("kv/~end/a=1", "kv/~end/b=2");
    ByteSequence never = ByteSequence.from(new byte[] {0});
    assertThat(get("kv/~end/b", GetOption.builder().withRange(never).build()).getKvs())
        .extracting(Calls::pair)
        .startsWith("kv/~end/b=2", "kv/~end/c=3");
    assertThat(
            get("kv/~end/c", GetOption.builder().withRange(bytes("kv/~end/a")).build())
                .getKvs())
        .isEmpty();
  }

  @Test
  void aRangeCanBeOfWhatWasCreatedOrChangedBetweenRevisions() {
    long first = revision(put("kv/when/a", "1"));
    long second = revision(put("kv/when/b", "1"));
    long third = revision(put("kv/when/a", "2"));

    assertThat(keys(prefix().withMinModRevision(third))).containsExactly("kv/when/a");
    assertThat(keys(prefix().withMaxModRevision(second))).containsExactly("kv/when/b");
    assertThat(keys(prefix().withMinCreateRevision(second))).containsExactly("kv/when/b");
    assertThat(keys(prefix().withMaxCreateRevision(first))).containsExactly("kv/when/a");
    assertThat(get("kv/when/", prefix().withMaxCreateRevision(first).build()).getCount())
        .isEqualTo(2);
  }

  private List<String> keys(GetOption.Builder options) {
    return get("kv/when/", options.build()).getKvs().stream()
        .map(found -> text(found.getKey()))
        .toList();
  }

  @Test
  void thePastCanBeRead() {
    long first = revision(put("kv/past", "1"));
    long second = revision(put("kv/past", "2"));
    answer(kv.delete(bytes("kv/past")));

    assertThat(pair(only(get("kv/past", at(first))))).isEqualTo("kv/past=1");
    assertThat(pair(only(get("kv/past", at(second))))).isEqualTo("kv/past=2");
    assertThat(get("kv/past", at(first - 1)).getKvs()).isEmpty();
    assertRefused(
        kv.get(bytes("kv/past"), at(second + 1_000_000)),
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision is a future revision");
  }

  @Test
  void anyMemberReadsWhatItHasWithoutTheOthers(Cluster cluster) {
    put("kv/serializable", "1");
    GetOption option = GetOption.builder().withSerializable(true).build();
    cluster.members().forEach(member -> {
      try (var one = Cluster.clientOf(member)) {
        Calls.await(
            member + " has it",
            () ->
                answer(one.getKVClient().get(bytes("kv/serializable"), option)).getCount() == 1);
      }
    });
  }

  @Test
  void aRangeIsDeletedInOneRevision() {
    put("kv/drop/a", "1");
    put("kv/drop/b", "2");
    long last = revision(put("kv/dropped", "3"));

    DeleteResponse deleted = answer(kv.delete(
        bytes("kv/drop/"),
        DeleteOption.builder().isPrefix(true).withPrevKV(true).build()));
    assertThat(deleted.getDeleted()).isEqualTo(2);
    assertThat(deleted.getPrevKvs())
        .extracting(Calls::pair)
        .containsExactly("kv/drop/a=1", "kv/drop/b=2");
    assertThat(deleted.getHeader().getRevision()).isEqualTo(last + 1);
    assertThat(get("kv/dropped", GetOption.DEFAULT).getCount()).isOne();
  }

  @Test
  void keysAndValuesAreBytes() {
    byte[] value = new byte[LARGE_BYTES];
    new Random(1).nextBytes(value);
    ByteSequence key = ByteSequence.from(new byte[] {'k', 'v', '/', 0, (byte) 0xff, (byte) 0xfe});
    answer(kv.put(key, ByteSequence.from(value)));
    KeyValue found = only(answer(kv.get(key)));
    assertThat(found.getKey()).isEqualTo(key);
    assertThat(found.getValue().getBytes()).isEqualTo(value);

    answer(kv.put(bytes("kv/empty"), ByteSequence.EMPTY));
    assertThat(only(get("kv/empty", GetOption.DEFAULT)).getValue().isEmpty()).isTrue();
  }

  @Test
  void anEmptyKeyIsRefused() {
    String words = "etcdserver: key is not provided";
    assertRefused(kv.put(ByteSequence.EMPTY, bytes("1")), Status.Code.INVALID_ARGUMENT, words);
    assertRefused(kv.get(ByteSequence.EMPTY), Status.Code.INVALID_ARGUMENT, words);
    assertRefused(kv.delete(ByteSequence.EMPTY), Status.Code.INVALID_ARGUMENT, words);
  }

  @Test
  void aClientCanHaveAPrefixOfItsOwn(Cluster cluster) {
    try (var tenant = cluster.clientBuilder().namespace(bytes("kv/tenant/")).build()) {
      answer(tenant.getKVClient().put(bytes("a"), bytes("1")));
      assertThat(answer(tenant.getKVClient().get(bytes("a"))).getKvs())
          .extracting(Calls::pair)
          .containsExactly("a=1");
    }
    assertThat(pair(only(get("kv/tenant/a", GetOption.DEFAULT)))).isEqualTo("kv/tenant/a=1");
  }

  @Test
  void whatIsCompactedIsGoneAndTheRestIsThere() {
    long first = revision(put("kv/compacted", "1"));
    long second = revision(put("kv/compacted", "2"));
    put("kv/compacted", "3");
    answer(kv.compact(second, CompactOption.builder().withCompactPhysical(true).build()));

    assertRefused(
        kv.get(bytes("kv/compacted"), at(first)),
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision has been compacted");
    assertThat(pair(only(get("kv/compacted", at(second))))).isEqualTo("kv/compacted=2");
    assertThat(pair(only(get("kv/compacted", GetOption.DEFAULT)))).isEqualTo("kv/compacted=3");
    assertRefused(
        kv.compact(second),
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision has been compacted");
    assertRefused(
        kv.compact(second + 1_000_000),
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision is a future revision");
  }

  private PutResponse put(String key, String value) {
    return answer(kv.put(bytes(key), bytes(value)));
  }

  private GetResponse get(String key, GetOption option) {
    return answer(kv.get(bytes(key), option));
  }

  private static long revision(PutResponse put) {
    return put.getHeader().getRevision();
  }

  private static KeyValue only(GetResponse found) {
    assertThat(found.getKvs()).hasSize(1);
    return found.getKvs().get(0);
  }

  private static GetOption.Builder prefix() {
    return GetOption.builder().isPrefix(true);
  }

  private static GetOption at(long revision) {
    return GetOption.builder().withRevision(revision).build();
  }
}
