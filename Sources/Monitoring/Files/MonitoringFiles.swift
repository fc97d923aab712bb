/// Every file that is made from what is declared.
package enum MonitoringFiles {
    /// Those that are committed, by path.
    package static var committed: [GeneratedFile] { ConfigurationFiles.files }
}
