package io.syncline.verify.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class RepeatableTest {
  @Test
  void theSameSeedGivesTheSameOperations() {
    for (LongFunction<Generator> generators :
        List.<LongFunction<Generator>>of(Everything::new, Access::new)) {
      assertThat(operations(generators.apply(7))).isEqualTo(operations(generators.apply(7)));
      assertThat(operations(generators.apply(7))).isNotEqualTo(operations(generators.apply(8)));
    }
  }

  private static List<Operation> operations(Generator generator) {
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < 2000; i++) {
      operations.add(generator.next());
    }
    return operations;
  }
}
