package io.syncline.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.fanout.Audience;
import io.syncline.bench.process.Members;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.FakeEtcd;
import io.syncline.bench.store.Target;
import io.syncline.bench.store.Workloads;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EtcdApiTest {
  private final Members processes = new Members();
  private List<FakeEtcd> members = List.of();
  private EtcdApi api;

  @BeforeEach
  void start() throws IOException {
    members = List.of(new FakeEtcd(11, 12), new FakeEtcd(12, 12), new FakeEtcd(13, 12));
    api = new EtcdApi(processes, members.stream().map(FakeEtcd::endpoint).toList());
  }

  @AfterEach
  void stop() {
    members.forEach(FakeEtcd::close);
    processes.close();
  }

  @Test
  void theLeaderIsWhoAllMembersSay() {
    assertThat(api.agreed()).isEqualTo(new EtcdApi.View(1, "3.4.0-fake"));
  }

  @Test
  void onlyTheLeaderIsTalkedTo() {
    try (Target target = api.connect();
        Audience audience = api.audience("k", 1, 1)) {
      Workloads.fillAll(target, new Dataset("k", 10, 32, 1), 1);

      assertThat(members).extracting(FakeEtcd::writes).containsExactly(0L, 10L, 0L);
      assertThat(members).extracting(FakeEtcd::watched).containsExactly(false, true, false);
      assertThat(audience.seats()).hasSize(1);
    }
  }
}
