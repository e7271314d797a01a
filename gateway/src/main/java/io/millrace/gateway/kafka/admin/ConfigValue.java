package io.millrace.gateway.kafka.admin;

import java.util.List;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;

/// One configuration with its value and where that comes from.
///
/// @param byDefault what holds where nobody says anything
/// @param source of the value if it is another
record ConfigValue(
        String name,
        String value,
        String byDefault,
        ValueType type,
        Source source,
        boolean isReadOnly,
        String documentation) {

    /// As the protocol numbers them.
    enum ValueType {
        BOOLEAN(1),
        STRING(2),
        INT(3),
        LONG(5),
        DOUBLE(6),
        LIST(7);

        private final byte number;

        ValueType(int number) {
            this.number = (byte) number;
        }
    }

    /// As the protocol numbers them.
    enum Source {
        TOPIC(1),
        SERVER(4),
        DEFAULT(5),
        GROUP(8);

        private final byte number;

        Source(int number) {
            this.number = (byte) number;
        }
    }

    private Source actualSource() {
        return value.equals(byDefault) ? Source.DEFAULT : source;
    }

    DescribeConfigsResourceResult described(boolean withSynonyms, boolean withDocumentation) {
        return new DescribeConfigsResourceResult()
                .setName(name)
                .setValue(value)
                .setReadOnly(isReadOnly)
                .setConfigSource(actualSource().number)
                .setIsSensitive(false)
                .setSynonyms(withSynonyms ? synonyms() : List.of())
                .setConfigType(type.number)
                .setDocumentation(withDocumentation ? documentation : null);
    }

    /// Where a value could come from, the one that holds first.
    private List<DescribeConfigsSynonym> synonyms() {
        DescribeConfigsSynonym last = synonym(byDefault, Source.DEFAULT);
        return actualSource() == Source.DEFAULT
                ? List.of(last)
                : List.of(synonym(value, source), last);
    }

    private DescribeConfigsSynonym synonym(String holds, Source from) {
        return new DescribeConfigsSynonym().setName(name).setValue(holds).setSource(from.number);
    }

    CreatableTopicConfigs created() {
        return new CreatableTopicConfigs()
                .setName(name)
                .setValue(value)
                .setReadOnly(isReadOnly)
                .setConfigSource(actualSource().number)
                .setIsSensitive(false);
    }
}
