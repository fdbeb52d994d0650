package io.dray.core.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;

/** Fills messages of any type with values that only depend on the field, and are never the default. Stateless. */
final class MessageFiller {
    private MessageFiller() {}

    /** Returns a message with every field set; of a oneof its first alternative. */
    static DynamicMessage full(Descriptor type) {
        return full(type, 0);
    }

    /** Returns a message with one field set. */
    static DynamicMessage only(FieldDescriptor field) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(field.getContainingType());
        set(message, field);
        return message.build();
    }

    private static DynamicMessage full(Descriptor type, int alternative) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            OneofDescriptor oneof = field.getRealContainingOneof();
            if (oneof == null || oneof.getField(alternative % oneof.getFieldCount()) == field) {
                set(message, field);
            }
        }
        return message.build();
    }

    private static void set(DynamicMessage.Builder message, FieldDescriptor field) {
        if (field.isMapField()) {
            // Two entries could stand in either order, one has one form only.
            message.addRepeatedField(field, full(field.getMessageType(), 0));
        } else if (field.isRepeated()) {
            values(field).forEach(value -> message.addRepeatedField(field, value));
        } else {
            message.setField(field, values(field).getFirst());
        }
    }

    /** Returns one message per alternative of its oneof, or two numbers or texts. */
    private static List<Object> values(FieldDescriptor field) {
        List<Object> values = new ArrayList<>();
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            values.add(scalar(field, 0));
            values.add(scalar(field, 1));
            return values;
        }
        Descriptor type = field.getMessageType();
        int alternatives = type.getRealOneofs().stream()
                .mapToInt(OneofDescriptor::getFieldCount)
                .max()
                .orElse(1);
        for (int alternative = 0; alternative < alternatives; alternative++) {
            values.add((Message) full(type, alternative));
        }
        return values;
    }

    private static Object scalar(FieldDescriptor field, int index) {
        int number = field.getNumber();
        return switch (field.getJavaType()) {
            case INT -> 300 * (index + 1) + number;
            // Beyond 2^53, where numbers of JavaScript end.
            case LONG -> 0x0123_4567_89ab_cd00L + number + index;
            case DOUBLE -> number + 0.5 + index;
            case FLOAT -> number + 0.5f + index;
            case BOOLEAN -> true;
            case STRING -> field.getName().replace('_', '-') + "-" + (index + 1);
            case BYTE_STRING -> ByteString.copyFrom(new byte[] {(byte) number, (byte) index, (byte) 0xff, 0});
            case ENUM -> enumValue(field, number + index);
            case MESSAGE -> throw new IllegalArgumentException(field + " is no scalar");
        };
    }

    private static EnumValueDescriptor enumValue(FieldDescriptor field, int number) {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        return values.get(1 + number % (values.size() - 1));
    }
}
