package io.yinzheng.android

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

/** The rules name the files that the code writes, and everything of them. */
class BackupTest {
    private val here = File(System.getProperty("yinzheng.repository"), "android")
    private val ours = setOf("sharedpref:yinzheng.clock.xml", "file:yinzheng/")

    private fun excluded(parent: Element): Set<String> {
        val nodes = parent.getElementsByTagName("exclude")
        return (0 until nodes.length).map { nodes.item(it) as Element }.map { "${it.getAttribute("domain")}:${it.getAttribute("path")}" }.toSet()
    }

    private fun document(name: String) =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File(here, "res/xml/$name")).documentElement

    @Test
    fun `cloud and transfer leave out what is ours`() {
        val rules = document("yinzheng_data_extraction.xml")
        for (way in listOf("cloud-backup", "device-transfer")) {
            assertEquals(ours, excluded(rules.getElementsByTagName(way).item(0) as Element), way)
        }
        assertEquals(ours, excluded(document("yinzheng_full_backup.xml")))
    }

    @Test
    fun `the rules for shrinking are those of the jar and more`() {
        val rules = File(here, "consumer-rules.pro").readLines()
        val jar = File(here, "../bindings/java/src/main/resources/META-INF/proguard/yinzheng.pro").readLines()
        assertTrue(rules.containsAll(jar.filterNot { it.startsWith("#") }))
    }
}
