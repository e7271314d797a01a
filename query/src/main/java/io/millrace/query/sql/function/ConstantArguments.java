package io.millrace.query.sql.function;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.InputTypeStrategies;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.inference.StaticArgument;
import org.apache.flink.table.types.inference.TypeInference;

/// Looks at arguments that are constants while a query is planned, so that a wrong one is reported
/// with the query and not by a job that runs already. What is no constant passes.
final class ConstantArguments implements InputTypeStrategy {
    private final InputTypeStrategy found;
    private final Consumer<CallContext> check;

    private ConstantArguments(InputTypeStrategy found, Consumer<CallContext> check) {
        this.found = found;
        this.check = check;
    }

    /// Adds the check to the types that Flink has read from the function's class. The check throws
    /// [CallContext#newValidationError].
    static TypeInference checked(TypeInference found, Consumer<CallContext> check) {
        return TypeInference.newBuilder()
                .inputTypeStrategy(new ConstantArguments(arguments(found), check))
                .stateTypeStrategies(found.getStateTypeStrategies())
                .outputTypeStrategy(found.getOutputTypeStrategy())
                .build();
    }

    /// A class with a single signature is described by typed arguments and not by a strategy.
    private static InputTypeStrategy arguments(TypeInference found) {
        return found.getStaticArguments()
                .map(ConstantArguments::sequence)
                .orElseGet(found::getInputTypeStrategy);
    }

    private static InputTypeStrategy sequence(List<StaticArgument> arguments) {
        return InputTypeStrategies.explicitSequence(
                arguments.stream()
                        .map(argument -> argument.getDataType().orElseThrow())
                        .toArray(DataType[]::new));
    }

    /// The value of an argument that is there, is a constant and is not NULL.
    static <T> Optional<T> value(CallContext call, int argument, Class<T> type) {
        return argument < call.getArgumentDataTypes().size()
                        && isLiteral(call, argument)
                        && !call.isArgumentNull(argument)
                ? call.getArgumentValue(argument, type)
                : Optional.empty();
    }

    /// For an aggregate, Flink asks for types a second time, when constants have become columns;
    /// then it cannot tell.
    private static boolean isLiteral(CallContext call, int argument) {
        try {
            return call.isArgumentLiteral(argument);
        } catch (UnsupportedOperationException _) {
            return false;
        }
    }

    @Override
    public ArgumentCount getArgumentCount() {
        return found.getArgumentCount();
    }

    @Override
    public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
        Optional<List<DataType>> types = found.inferInputTypes(call, throwOnFailure);
        if (types.isPresent()) {
            check.accept(call);
        }
        return types;
    }

    @Override
    public List<Signature> getExpectedSignatures(FunctionDefinition definition) {
        return found.getExpectedSignatures(definition);
    }
}
