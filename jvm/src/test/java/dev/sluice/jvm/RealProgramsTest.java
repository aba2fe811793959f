package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.OpenFlag;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Libraries and programs that know nothing of workflows, as they are, in a directory without a mount. */
@Timeout(120)
class RealProgramsTest extends OnStage {
    private static final Path TOOLS = Path.of(System.getProperty("java.home"), "bin");
    private static final int NEW = OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits();

    @Override
    Flow flow() {
        return Flow.builder("programs")
                .step(
                        "make",
                        List.of(),
                        List.of("data", "index", "index/*", "tree", "tree/**", "program.jar", "store", "store/*"),
                        Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE))
                .step("use", List.of("data", "index", "index/*", "tree", "tree/**", "program.jar"), List.of("result"))
                .build();
    }

    private Child make(String main, List<String> jars, String... words) {
        return stage.child(stage.managed.making, stage.java(main, jars, words));
    }

    private Child use(String main, List<String> jars, String... words) {
        return stage.child(stage.managed.using, stage.java(main, jars, words));
    }

    private static String well(Child child) {
        Child.Outcome outcome = child.finish();
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        return outcome.output();
    }

    /** A program that writes a number of lines, holds until it is told to go on, and writes as many again. */
    private Child writer(String form) throws IOException {
        stage.compile("Lines", """
            class Lines {
                public static void main(String[] words) throws Exception {
                    try (var out = new java.io.PrintWriter(words[0])) {
                        for (int i = 1; i <= 5000; i++) { out.printf(words[1], i, i); }
                        out.flush();
                        System.out.println("holds");
                        System.in.read();
                        for (int i = 5001; i <= 10000; i++) { out.printf(words[1], i, i); }
                    }
                }
            }
            """);
        return make("Lines", List.of(), stage.path("data"), form).start().untilItSays("holds");
    }

    /** One reads what is there, and says so, before the other one goes on. */
    private static void readsOn(Child writer, Child reader, String heard, String said) throws IOException {
        reader.start().untilItSays(heard);
        Stage.goOn(writer);
        assertThat(well(reader)).isEqualTo(said);
        assertThat(well(writer)).isEqualTo("holds\n");
    }

    @Test
    void commonsCsvReadsRowsOfAFileThatGrows() throws IOException {
        List<String> jars = List.of("commons-csv", "commons-io", "commons-codec");
        stage.compile("Rows", """
            import org.apache.commons.csv.*;
            class Rows {
                public static void main(String[] words) throws Exception {
                    long total = 0;
                    var format = CSVFormat.DEFAULT.builder().setHeader("number", "text").get();
                    try (var rows = CSVParser.parse(new java.io.File(words[0]), java.nio.charset.StandardCharsets.UTF_8, format)) {
                        for (CSVRecord row : rows) {
                            total += Long.parseLong(row.get("number"));
                            if (!row.get("text").equals("a, \\"" + row.get("number") + "\\"")) { throw new Exception(row.toString()); }
                            if (row.getRecordNumber() == 1000) { System.out.println("1000 rows"); }
                        }
                    }
                    System.out.println("total " + total);
                }
            }
            """, "commons-csv", "commons-io");
        Child writer = writer("%d,\"a, \"\"%d\"\"\"%n");
        readsOn(writer, use("Rows", jars, stage.path("data")), "1000 rows", "1000 rows\ntotal 50005000\n");
    }

    /** It is another version of what Sluice reads flows with, and both are right. */
    @Test
    void anotherJacksonReadsTheJsonLinesOfAFileThatGrows() throws IOException {
        stage.compile("Values", """
            import tools.jackson.core.*;
            import tools.jackson.core.json.*;
            class Values {
                public static void main(String[] words) throws Exception {
                    System.out.println(PackageVersion.VERSION);
                    long total = 0;
                    int count = 0;
                    try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), new java.io.File(words[0]))) {
                        for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                            if (token == JsonToken.VALUE_NUMBER_INT) {
                                total += parser.getLongValue();
                                if (++count == 1000) { System.out.println("1000 values"); }
                            }
                        }
                    }
                    System.out.println("total " + total);
                }
            }
            """, "jackson-core");
        Child writer = writer("{\"number\": %d, \"text\": \"%d\"}%n");
        Child reader = use("Values", List.of("jackson-core"), stage.path("data"));
        readsOn(writer, reader, "1000 values", "3.1.0\n1000 values\ntotal 50005000\n");
    }

    @Test
    void h2KeepsAPrivateDatabaseInTheManagedDirectory() throws IOException {
        stage.compile("Tables", """
            import java.sql.*;
            class Tables {
                public static void main(String[] words) throws Exception {
                    try (var connection = DriverManager.getConnection("jdbc:h2:file:" + words[0])) {
                        try (var statement = connection.createStatement()) {
                            if (words[1].equals("fill")) {
                                statement.execute("create table numbers (id bigint primary key, text varchar(40))");
                                try (var insert = connection.prepareStatement("insert into numbers values (?, ?)")) {
                                    for (int i = 1; i <= 2000; i++) {
                                        insert.setLong(1, i);
                                        insert.setString(2, "text " + i);
                                        insert.addBatch();
                                    }
                                    insert.executeBatch();
                                }
                                statement.execute("delete from numbers where mod(id, 2) = 0");
                                statement.execute("checkpoint sync");
                            } else {
                                statement.execute("update numbers set text = upper(text) where id < 1000");
                            }
                            try (var found = statement.executeQuery("select count(*), sum(id), max(text) from numbers")) {
                                found.next();
                                System.out.println(found.getLong(1) + " " + found.getLong(2) + " " + found.getString(3));
                            }
                        }
                    }
                }
            }
            """);
        String database = stage.path("store/private");
        assertThat(well(make("Tables", List.of("h2"), database, "fill").start()))
                .isEqualTo("1000 1000000 text 999\n");
        assertThat(well(make("Tables", List.of("h2"), database, "change").start()))
                .isEqualTo("1000 1000000 text 1999\n");
        assertThat(stage.managed.directory.resolve("store/private.mv.db")).doesNotExist();
    }

    @Test
    void luceneSearchesInOneStepWhatAnotherOneHasIndexed() throws IOException {
        stage.compile("Index", """
            import org.apache.lucene.analysis.standard.*;
            import org.apache.lucene.document.*;
            import org.apache.lucene.index.*;
            import org.apache.lucene.store.*;
            class Index {
                public static void main(String[] words) throws Exception {
                    try (var directory = FSDirectory.open(java.nio.file.Path.of(words[0]));
                            var writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
                        for (int i = 0; i < 300; i++) {
                            var document = new Document();
                            document.add(new StringField("id", "" + i, Field.Store.YES));
                            document.add(new TextField("text", "the " + (i % 3 == 0 ? "fox" : "dog") + " " + i, Field.Store.NO));
                            writer.addDocument(document);
                            if (i % 100 == 99) { writer.commit(); }
                        }
                        writer.forceMerge(1);
                    }
                    System.out.println("indexed");
                }
            }
            """, "lucene-core");
        stage.compile("Search", """
            import org.apache.lucene.index.*;
            import org.apache.lucene.search.*;
            import org.apache.lucene.store.*;
            class Search {
                public static void main(String[] words) throws Exception {
                    System.out.println("begins");
                    try (var directory = FSDirectory.open(java.nio.file.Path.of(words[0]));
                            var reader = DirectoryReader.open(directory)) {
                        var found = new IndexSearcher(reader).search(new TermQuery(new Term("text", "fox")), 1000);
                        System.out.println(reader.numDocs() + " " + found.totalHits.value() + " "
                                + reader.storedFields().document(found.scoreDocs[0].doc).get("id"));
                    }
                }
            }
            """, "lucene-core");
        List<String> jars = List.of("lucene-core");
        Child search = use("Search", jars, stage.path("index")).start().untilItSays("begins");
        assertThat(well(make("Index", jars, stage.path("index")).start())).contains("indexed");
        stage.managed.making.end(true);
        assertThat(well(search)).contains("300 100 0");
    }

    @Test
    void groovyRunsAScript() throws IOException {
        Path script = Files.writeString(folder.resolve("script.groovy"), """
            def data = new File(args[0])
            println "begins"
            def total = 0L
            data.eachLine { total += it as long }
            println total
            """);
        Child writer = writer("%d%n");
        Child reader = use("groovy.ui.GroovyMain", List.of("groovy"), script.toString(), stage.path("data"));
        readsOn(writer, reader, "begins", "begins\n50005000\n");
    }

    @Test
    void javacAndJarMakeWhatAnotherStepRuns() throws IOException {
        Path sources = Files.createDirectory(folder.resolve("sources"));
        Path program = Files.writeString(sources.resolve("Program.java"), """
            public class Program {
                record Greeting(String text) {}
                public static void main(String[] words) throws Exception {
                    Runnable runnable = () -> System.out.println(new Greeting("says " + words[0]));
                    runnable.run();
                    try (var in = Program.class.getResourceAsStream("note.txt")) {
                        System.out.println(new String(in.readAllBytes()));
                    }
                }
            }
            """);
        assertThat(well(tool("javac", "-d", stage.path("tree/classes"), program.toString())))
                .isEmpty();
        try (Door.OpenFile note = stage.managed.maker.open("tree/classes/note.txt", NEW, 0644)) {
            note.write(DoorContract.bytes("a note"), 0);
        }
        assertThat(well(tool(
                        "jar", "--create", "--file", stage.path("program.jar"), "-C", stage.path("tree/classes"), ".")))
                .isEmpty();
        stage.managed.making.end(true);
        for (String place : List.of("program.jar", "tree/classes")) {
            List<String> java = List.of(TOOLS.resolve("java").toString(), "-cp", stage.path(place), "Program", "hello");
            assertThat(well(stage.child(stage.managed.using, java).start()))
                    .as(place)
                    .isEqualTo("Greeting[text=says hello]\na note\n");
        }
    }

    private Child tool(String name, String... words) {
        List<String> command = new ArrayList<>(List.of(TOOLS.resolve(name).toString()));
        command.addAll(List.of(words));
        return stage.child(stage.managed.making, command).start();
    }

    @Test
    void htsjdkReadsTheAlignmentsThatAnotherJvmIsWriting() throws IOException {
        stage.compile("Aligns", """
            import htsjdk.samtools.*;
            class Aligns {
                public static void main(String[] words) throws Exception {
                    var header = new SAMFileHeader();
                    header.addSequence(new SAMSequenceRecord("one", 1_000_000));
                    header.setSortOrder(SAMFileHeader.SortOrder.coordinate);
                    try (var out = new SAMFileWriterFactory().setUseAsyncIo(false)
                            .makeBAMWriter(header, true, new java.io.File(words[0]))) {
                        var random = new java.util.Random(7);
                        for (int i = 1; i <= 20_000; i++) {
                            var read = new SAMRecord(header);
                            read.setReadName("read" + i);
                            var bases = new byte[50];
                            var qualities = new byte[50];
                            for (int at = 0; at < 50; at++) {
                                bases[at] = (byte) "ACGT".charAt(random.nextInt(4));
                                qualities[at] = (byte) random.nextInt(40);
                            }
                            read.setReadBases(bases);
                            read.setBaseQualities(qualities);
                            read.setReferenceName("one");
                            read.setAlignmentStart(i);
                            read.setCigarString("50M");
                            out.addAlignment(read);
                            if (i == 10_000) {
                                System.out.println("holds");
                                System.in.read();
                            }
                        }
                    }
                }
            }
            """, "htsjdk");
        stage.compile("Counts", """
            import htsjdk.samtools.*;
            class Counts {
                public static void main(String[] words) throws Exception {
                    long total = 0;
                    try (var reads = SamReaderFactory.makeDefault().open(new java.io.File(words[0]))) {
                        int count = 0;
                        for (SAMRecord read : reads) {
                            total += read.getAlignmentStart();
                            if (++count == 5000) { System.out.println("5000 reads"); }
                        }
                    }
                    System.out.println("total " + total);
                }
            }
            """, "htsjdk");
        Child writer =
                make("Aligns", List.of("htsjdk"), stage.path("data")).start().untilItSays("holds");
        Child reader =
                use("Counts", List.of("htsjdk"), stage.path("data")).start().untilItSays("5000 reads");
        Stage.goOn(writer);
        assertThat(well(reader)).contains("total 200010000");
        well(writer);
    }
}
