package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"agent:digester", "instance:a/b@n", "capability:digest", "topic:News.eu_west"})
    void readsWhatItShows(String text) {
        Address address = Addresses.parse(text).orElseThrow();

        assertThat(Addresses.text(address)).isEqualTo(text);
        assertThat(Addresses.check(address)).isEmpty();
    }

    @Test
    void takesABareWordForAnAgentOrAnInstance() {
        assertThat(Addresses.parse("digester")).contains(Addresses.agent("digester"));
        assertThat(Addresses.parse("digester/1@alpha")).contains(Addresses.instance("digester/1@alpha"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "agent:", "agent:No", "instance:a/b", "topic:a.*", "queue:a", "a/b", "agent:a:b"})
    void refusesOtherTexts(String text) {
        assertThat(Addresses.parse(text)).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAnAddress() {
        Error bad = Addresses.check(Addresses.topic("a..b")).orElseThrow();
        Error empty = Addresses.check(Address.getDefaultInstance()).orElseThrow();

        assertThat(bad.getCode()).isEqualTo(Code.CODE_BAD_NAME);
        assertThat(bad.getValue()).isEqualTo("a..b");
        assertThat(bad.getExpected()).isEqualTo(Names.TOPIC_FORM);
        assertThat(empty.getCode()).isEqualTo(Code.CODE_MISSING_FIELD);
    }

    @Test
    void splitsInstanceNames() {
        InstanceName name = InstanceName.parse("digester/a.1@alpha-2").orElseThrow();

        assertThat(name)
                .isEqualTo(new InstanceName("digester", "a.1", "alpha-2"))
                .hasToString("digester/a.1@alpha-2");
        for (String text :
                new String[] {"", "a", "a/b", "a@b", "a/b@c@d", "a/b/c@d", "/b@c", "a/@c", "a/b@", "A/b@c"}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(InstanceName.parse(text)).as(text).isEmpty();
            assertThat(InstanceName.isInstance(bytes, 0, bytes.length)).as(text).isFalse();
        }
        assertThatThrownBy(() -> new InstanceName("a", "B", "c")).hasMessageContaining("suffix: B");
    }

    @Test
    void showsMessageIdsAsTheyAreRead() {
        MessageId id = new MessageId(0x00c0_ffee_00c0_ffeeL, -1);

        assertThat(id).hasToString("00c0ffee00c0ffee-18446744073709551615");
        assertThat(MessageId.parse(id.toString())).contains(id);
        for (String text : new String[] {"", "-", "1-1", "00c0ffee00c0ffee-", "00c0ffee00c0ffee-x"}) {
            assertThat(MessageId.parse(text)).as(text).isEmpty();
        }
    }
}
