"""What GDAL may do in this process; must be imported before pyogrio and rasterio.

GDAL opens whatever a file's content asks for: web services, other files, scripts of steps. The
two libraries read these settings once, when they are first imported, each with its own GDAL.
"""

import os
import sys

ALLOWED = frozenset(
    {
        "COG", "CSV", "ESRI Shapefile", "FlatGeobuf", "GPKG", "GTiff", "GeoJSON", "GeoJSONSeq",
        "JPEG", "MBTiles", "MEM", "MVT", "PMTiles", "PNG", "SQLite",
    }
)  # fmt: skip
# SQLite, MBTiles and MVT are there because PMTiles is written by way of them.
# Every other driver of GDAL 3.10 and 3.12 as built into rasterio and pyogrio; a test starts a
# fresh process and fails as soon as a release brings a driver that is in neither list.
SKIPPED = """
AAIGrid,ACE2,ADBC,ADRG,AIG,AirSAR,AIVector,AmigoCloud,AVCBin,AVCE00,BAG,BIGGIF,BLX,BMP,BSB,BT,BYN,
CALS,Carto,CEOS,COASP,COSAR,CPG,CSW,CTable2,CTG,DAAS,DERIVED,DGN,DIMAP,DIPEx,DOQ1,DOQ2,DTED,DXF,
ECRGTOC,EDIGEO,EEDA,EEDAI,EHdr,EIR,ELAS,Elasticsearch,ENVI,ERS,ESAT,ESRIC,ESRIJSON,FAST,FIT,GDALG,
GenBin,GeoRSS,GFF,GIF,GML,GNMDatabase,GNMFile,GPSBabel,GPX,GRASSASCIIGrid,GRIB,GS7BG,GSAG,GSBG,GSC,
GTFS,GTI,GTX,GXF,HDF5,HDF5Image,HF2,HFA,HTTP,Idrisi,ILWIS,IRIS,ISCE,ISG,ISIS2,ISIS3,JAXAPALSAR,
JDEM,JML,JP2OpenJPEG,JSONFG,KML,KMLSUPEROVERLAY,KRO,L1B,LAN,LCP,Leveller,LIBKML,LOSLAS,LVBAG,MAP,
MapInfo File,MapML,Memory,MFF,MFF2,MiraMonVector,MRF,MSGN,NDF,netCDF,NGSGEOID,NGW,NITF,NOAA_B,
NSIDCbin,NTv2,NWT_GRC,NWT_GRD,OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OpenFileGDB,OSM,OZI,PAux,
PCIDSK,PCRaster,PDF,PDS,PDS4,PGDUMP,PLMOSAIC,PLSCENES,PNM,PRF,R,Rasterlite,RIK,RMF,ROI_PAC,RPFTOC,
RRASTER,RS2,RST,S102,S104,S111,S57,SAFE,SAGA,SAR_CEOS,SDTS,Selafin,SENTINEL2,SGI,SIGDEM,SNAP_TIFF,
SNODAS,SRP,SRTMHGT,STACIT,STACTA,SXF,Terragen,TGA,TIL,TopoJSON,TSX,USGSDEM,VDV,VFK,VICAR,VRT,
WAsP,WCS,WEBP,WFS,WMS,WMTS,XLSX,XPM,XYZ,Zarr,ZMap
""".replace("\n", "")


def lock_down() -> None:
    """Leave GDAL only the allowed drivers, no way to the network and no clock.

    What the environment already sets stays as it is.
    """
    for name, value in (
        ("GDAL_SKIP", SKIPPED),
        # A port where nobody listens: GeoJSON may name a coordinate system by its web address.
        ("GDAL_HTTP_PROXY", "127.0.0.1:9"),
        # Each GDAL warns of the drivers that only the other one has; what matters is raised anyway.
        ("CPL_LOG", os.devnull),
        # A GeoPackage notes when it was changed; without this no two would be equal.
        ("OGR_CURRENT_DATE", "2000-01-01T00:00:00Z"),
    ):
        os.environ.setdefault(name, value)


def leave_only(*names: str) -> None:
    """Leave GDAL these drivers only, unless one of its two libraries is loaded already."""
    if {"pyogrio", "rasterio"} & set(sys.modules):
        return
    every = {*ALLOWED, *SKIPPED.split(",")}
    os.environ["GDAL_SKIP"] = ",".join(sorted(every - {*names, "MEM"}))


lock_down()
