package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoterSettingsTest {
  private static final VoterAddress V1 = VoterAddress.parse("v1=127.0.0.1:7401/127.0.0.1:7501");
  private static final VoterAddress V2 = VoterAddress.parse("v2=127.0.0.1:7402/127.0.0.1:7502");

  @Test
  void anAddressIsReadAndWrittenTheSame() {
    String text = "v1=config.example:7400/[fe80::1]:7500";

    VoterAddress address = VoterAddress.parse(text);

    assertThat(address)
        .isEqualTo(new VoterAddress(
            "v1", new Endpoint("config.example", 7400), new Endpoint("fe80::1", 7500)))
        .hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "v1", "=a:1/b:2", "v1=a:1", "v1=a:1/", "v1=/b:2", "v1=a/b:2", "v1:a:1/b:2"})
  void anAddressOfAnotherFormIsRefusedWithTheForm(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VoterAddress.parse(text))
        .withMessageContaining("expected");
  }

  @Test
  void clientsAreToldTheListenedAddressUnlessAnotherIsSet() {
    Endpoint listen = new Endpoint("10.0.0.1", 7400);
    Endpoint outside = new Endpoint("config.example", 443);

    assertThat(valid().listen(listen).build().advertise()).isEqualTo(listen);
    assertThat(valid().listen(listen).advertise(outside).build().advertise()).isEqualTo(outside);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "V1", "-v", "a.b", "0123456789012345678901234567890123"})
  void aNameOfAnotherFormIsRefused(String name) {
    assertThatThrownBy(() -> valid().name(name).build())
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining("\"" + name + "\"");
  }

  @Test
  void aVoterStandsInItsOwnListOnce() {
    assertThatThrownBy(() -> valid().voters(List.of(V2)).build())
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining("0 times");
    assertThatThrownBy(() -> valid().voters(List.of(V1, V1)).build())
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining("2 times");
    assertThatThrownBy(() -> valid().voters(List.of(V1, V2, V2)).build())
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining("each name once");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, (8L << 20) + 1})
  void aContentBoundOutOfRangeIsRefusedWithTheRange(long bytes) {
    assertThatThrownBy(() -> valid().maxContentBytes(bytes).build())
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining("max-content: " + bytes)
        .hasMessageContaining("8388608");
  }

  private static VoterSettings.Builder valid() {
    return VoterSettings.builder().name("v1").voters(List.of(V1, V2));
  }
}
